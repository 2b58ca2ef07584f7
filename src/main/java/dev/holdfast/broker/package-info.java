/** The broker gateway: holds the grant, sends at most once, reconciles the broker's book with ours. */
@NullMarked
package dev.holdfast.broker;

import org.jspecify.annotations.NullMarked;
