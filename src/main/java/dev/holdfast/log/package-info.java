/** What every edge uses of a replicated log: submit commands, read events from a sequence. */
@NullMarked
package dev.holdfast.log;

import org.jspecify.annotations.NullMarked;
