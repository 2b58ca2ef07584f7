/** Measurements beside baselines: each brings its own processes and its own baseline, in one run, and cleans up. */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
