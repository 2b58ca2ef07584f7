/** Sets up and runs one Redis server or Sentinel of the region. */
@NullMarked
package dev.holdfast.agent.redis;

import org.jspecify.annotations.NullMarked;
