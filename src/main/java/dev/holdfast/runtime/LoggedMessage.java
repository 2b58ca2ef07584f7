package dev.holdfast.runtime;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.holdfast.types.PlainText;

/** The message of a log line. A line end in what a broker or a person sent is written out: it would begin a line of its own. */
public final class LoggedMessage extends MessageConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return PlainText.escaped(String.valueOf(super.convert(event)));
    }
}
