/** The trading machine: decides about every order and imports nothing that could differ between two members. */
@NullMarked
package dev.holdfast.engine;

import org.jspecify.annotations.NullMarked;
