package dev.holdfast.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** A thousand worlds log millions of lines, of which those of a failing seed are had by repeating it alone. */
final class Quiet {

    private Quiet() {}

    static void logs() {
        for (String part : new String[] {"broker", "projection"}) {
            ((Logger) LoggerFactory.getLogger("dev.holdfast." + part)).setLevel(Level.OFF);
        }
    }

    static void loud() {
        for (String part : new String[] {"broker", "projection"}) {
            ((Logger) LoggerFactory.getLogger("dev.holdfast." + part)).setLevel(null);
        }
    }
}
