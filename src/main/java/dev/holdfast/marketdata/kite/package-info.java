/** The Kite Connect WebSocket ticker: strict binary parser and connection. */
@NullMarked
package dev.holdfast.marketdata.kite;

import org.jspecify.annotations.NullMarked;
