/** Child processes: start, back-off, stop. */
@NullMarked
package dev.holdfast.agent.process;

import org.jspecify.annotations.NullMarked;
