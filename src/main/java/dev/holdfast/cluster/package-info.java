/** Implements the log on Aeron Cluster and hosts a machine on it: snapshots, timers, event stream. */
@NullMarked
package dev.holdfast.cluster;

import org.jspecify.annotations.NullMarked;
