/** The command line and the wiring of each process. */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
