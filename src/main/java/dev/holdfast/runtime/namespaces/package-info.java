/** Hosts as network namespaces of one Linux machine: made, entered, cut off from each other, joined again, removed. */
@NullMarked
package dev.holdfast.runtime.namespaces;

import org.jspecify.annotations.NullMarked;
