/** Commands, events and replies of the trading machine, their wire format, and the port of a deterministic machine. */
@NullMarked
package dev.holdfast.protocol;

import org.jspecify.annotations.NullMarked;
