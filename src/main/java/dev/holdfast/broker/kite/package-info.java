/** The Kite Connect REST interface and session. */
@NullMarked
package dev.holdfast.broker.kite;

import org.jspecify.annotations.NullMarked;
