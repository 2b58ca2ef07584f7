/** The named invariants, and the comparison of log, database and broker positions with the exchange's ledger. */
@NullMarked
package dev.holdfast.audit;

import org.jspecify.annotations.NullMarked;
