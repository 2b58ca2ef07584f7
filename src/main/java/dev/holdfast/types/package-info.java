/** Money, quantities, identities and the words of the trade, shared by every package. */
@NullMarked
package dev.holdfast.types;

import org.jspecify.annotations.NullMarked;
