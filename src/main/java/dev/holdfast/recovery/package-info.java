/** The recovery machine: who is primary, under which term, who may follow, and why. Deterministic; it touches no world. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.recovery;
