/** The pages and the interface people use. */
@NullMarked
package dev.holdfast.dashboard;

import org.jspecify.annotations.NullMarked;
