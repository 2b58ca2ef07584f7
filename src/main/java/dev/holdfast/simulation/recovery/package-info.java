/** The recovery machine in seeded worlds: hosts, agents, fencers, PostgreSQL instances, a network between them, on virtual time. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.simulation.recovery;
