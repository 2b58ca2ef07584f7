/** Turns feeds into ticks and candles; finds gaps and staleness. */
@NullMarked
package dev.holdfast.marketdata;

import org.jspecify.annotations.NullMarked;
