/** Tests of the dashboard, with a log and a market of their own. */
@NullMarked
package dev.holdfast.dashboard;

import org.jspecify.annotations.NullMarked;
