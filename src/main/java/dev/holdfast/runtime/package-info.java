/** Configuration, secrets, metrics, health, threads and processes; nothing enters with fewer than three users. */
@NullMarked
package dev.holdfast.runtime;

import org.jspecify.annotations.NullMarked;
