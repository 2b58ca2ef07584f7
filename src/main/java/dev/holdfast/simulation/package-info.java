/** The real engine, gateways and recorders on virtual time, in a seeded world that does them every harm, with the invariants checked after each step. */
@NullMarked
package dev.holdfast.simulation;

import org.jspecify.annotations.NullMarked;
