/** Sets up and runs one PostgreSQL server of the region. */
@NullMarked
package dev.holdfast.agent.postgres;

import org.jspecify.annotations.NullMarked;
