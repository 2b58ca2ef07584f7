@NullMarked
package dev.holdfast.audit;

import org.jspecify.annotations.NullMarked;
