/** A cluster of Patroni, etcd and PostgreSQL on this machine, as what the database's own fail-over is measured beside. */
@NullMarked
package dev.holdfast.bench.patroni;

import org.jspecify.annotations.NullMarked;
