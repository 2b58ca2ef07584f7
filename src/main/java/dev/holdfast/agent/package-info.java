/** Watches one host and carries out what it is told: starts, restarts and stops that host's processes. */
@NullMarked
package dev.holdfast.agent;

import org.jspecify.annotations.NullMarked;
