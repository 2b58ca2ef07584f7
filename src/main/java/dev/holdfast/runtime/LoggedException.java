package dev.holdfast.runtime;

import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.holdfast.types.PlainText;

/**
 * The exception below a log line. Each of its lines is indented: an exception's message may hold line ends that somebody else
 * sent, and only a line of the log begins at the margin.
 */
public final class LoggedException extends RootCauseFirstThrowableProxyConverter {

    private static final String INDENT = "    ";

    @Override
    public String convert(ILoggingEvent event) {
        String text = PlainText.escapedLines(super.convert(event));
        return text.isEmpty() ? text : INDENT + text.stripTrailing().replace("\n", "\n" + INDENT) + "\n";
    }
}
