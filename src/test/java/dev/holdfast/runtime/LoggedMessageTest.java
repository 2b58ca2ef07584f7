package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoggedMessageTest {

    private static final String FORGED =
            "rejected\n2026-11-23T03:00:00.000Z INFO  Switches kill switch released \u001B[2K";

    @Test
    void a_line_that_a_broker_or_a_person_sent_stays_within_the_line_that_tells_of_it() {
        assertThat(new LoggedMessage().convert(event("order refused: " + FORGED, null)))
                .isEqualTo("order refused: rejected\\u000A2026-11-23T03:00:00.000Z INFO  Switches kill switch released"
                        + " \\u001B[2K");
    }

    @Test
    void an_exceptions_message_cannot_begin_a_line_either() {
        LoggedException exceptions = new LoggedException();
        exceptions.start();

        String text = exceptions.convert(event("failed", new IllegalStateException(FORGED)));

        assertThat(text.lines().toList()).hasSizeGreaterThan(2).allMatch(line -> line.startsWith("    "));
        assertThat(text).doesNotContain("\u001B");
        assertThat(exceptions.convert(event("fine", null))).isEmpty();
    }

    private static LoggingEvent event(String message, @Nullable Throwable failure) {
        LoggerContext context = new LoggerContext();
        return new LoggingEvent(
                LoggedMessageTest.class.getName(), context.getLogger("test"), Level.INFO, message, failure, null);
    }
}
