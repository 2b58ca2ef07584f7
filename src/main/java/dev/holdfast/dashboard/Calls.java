package dev.holdfast.dashboard;

import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.ReplicatedLog;
import dev.holdfast.protocol.Reply;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;
import io.javalin.http.ServiceUnavailableResponse;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** How a call's body is read, and how what a machine answers becomes the call's answer. */
final class Calls {

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(3);

    private final JsonMapper json;

    Calls(JsonMapper json) {
        this.json = json;
    }

    /**
     * Answers 200 with the machine's value, 409 with its refusal, 503 when it is unknown whether the command was applied.
     *
     * @param machine whose log it is, in words
     */
    <C> void submit(Context context, ReplicatedLog<C, ?> log, C command, String machine) {
        String action = command.getClass().getSimpleName();
        try {
            Reply reply = log.submitAndWait(command, REPLY_TIMEOUT);
            LOG.info("command={} user={} reply={} {}", action, user(context), reply.code(), reply.text());
            if (!reply.accepted()) {
                throw new ConflictResponse(
                        reply.text().isEmpty() ? "the " + machine + " answered " + reply.code() : reply.text());
            }
            context.json(Map.of("value", reply.value(), "sequence", reply.sequence(), "text", reply.text()));
        } catch (LogUnavailable unavailable) {
            LOG.warn("command={} user={} was not answered: {}", action, user(context), unavailable.getMessage());
            throw new ServiceUnavailableResponse("the " + machine + " gave no answer within "
                    + REPLY_TIMEOUT.toSeconds()
                    + " s; whether it was done is unknown: look at the page before you repeat it");
        }
    }

    static String user(Context context) {
        return Access.session(context).user();
    }

    <T> T body(Context context, Class<T> type) {
        if (!context.isJson()) {
            throw new BadRequestResponse("the body is " + context.contentType() + ", expected application/json");
        }
        try {
            return json.readValue(context.body(), type);
        } catch (JacksonException malformed) {
            Throwable cause = malformed.getCause();
            throw new BadRequestResponse(
                    cause instanceof IllegalArgumentException check
                            ? String.valueOf(check.getMessage())
                            : "the body is not the JSON expected: " + malformed.getOriginalMessage());
        }
    }
}
