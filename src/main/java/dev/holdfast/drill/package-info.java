/** Injects faults into a running system, measures what it does about them, lifts them all, and judges. */
@NullMarked
package dev.holdfast.drill;

import org.jspecify.annotations.NullMarked;
