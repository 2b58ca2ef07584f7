@NullMarked
package dev.holdfast.exchange;

import org.jspecify.annotations.NullMarked;
