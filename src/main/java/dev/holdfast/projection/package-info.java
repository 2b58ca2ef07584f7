/** Events to PostgreSQL, Redis and the state file; each can be thrown away and rebuilt. */
@NullMarked
package dev.holdfast.projection;

import org.jspecify.annotations.NullMarked;
