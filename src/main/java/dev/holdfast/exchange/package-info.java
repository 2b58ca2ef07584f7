/** The simulated exchange: market, matching, Kite Connect wire protocol, faults, and the ledger that is our witness. */
@NullMarked
package dev.holdfast.exchange;

import org.jspecify.annotations.NullMarked;
