/** Implements the logs on Aeron Cluster and hosts either machine on it: snapshots, timers, event stream. */
@NullMarked
package dev.holdfast.cluster;

import org.jspecify.annotations.NullMarked;
