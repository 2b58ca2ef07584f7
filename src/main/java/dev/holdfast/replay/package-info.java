/** Looks back: rebuilds the engine as it stood from what a member recorded, and explains an order by it. */
@NullMarked
package dev.holdfast.replay;

import org.jspecify.annotations.NullMarked;
