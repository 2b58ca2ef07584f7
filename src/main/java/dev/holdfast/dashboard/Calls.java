package dev.holdfast.dashboard;

import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.ReplicatedLog;
import dev.holdfast.protocol.Reply;
import dev.holdfast.runtime.StrictJson;
import dev.holdfast.types.PlainText;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.ServiceUnavailableResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a call's body is read, and how what a machine answers becomes the call's answer. */
final class Calls {

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(3);

    private Calls() {}

    /**
     * Answers 200 with the machine's value, 409 with its refusal, 503 when it is unknown whether the command was applied.
     *
     * @param machine whose log it is, in words
     */
    static <C> void submit(Context context, ReplicatedLog<C, ?> log, C command, String machine) {
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

    /** A page of an older release may still be open after an update: it is told so, not misunderstood. */
    static <T> T body(Context context, Class<T> type) {
        return read(context, text -> StrictJson.read(text, type));
    }

    /** Reads a body as {@link #body} does, but fields may be missing: the request type checks them itself. */
    static <T> T partialBody(Context context, Class<T> type) {
        return read(context, text -> StrictJson.readPartial(text, type));
    }

    private static <T> T read(Context context, Function<String, T> reader) {
        if (!context.isJson()) {
            throw new BadRequestResponse("the body is " + context.contentType() + ", expected application/json");
        }
        try {
            return reader.apply(text(context));
        } catch (StrictJson.BadInput refused) {
            throw new BadRequestResponse(String.valueOf(refused.getMessage()));
        }
    }

    private static String text(Context context) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(context.bodyAsBytes()))
                    .toString();
        } catch (HttpResponseException refused) {
            throw refused;
        } catch (CharacterCodingException other) {
            throw new BadRequestResponse("the body is not UTF-8");
        } catch (Exception broken) {
            // Cut short, badly chunked, or its sender is gone: nothing of ours failed.
            throw new BadRequestResponse("the body did not arrive whole");
        }
    }

    /** A word in the path or the query that names something. */
    static String name(String what, String text) {
        String fault = PlainText.fault(what, text);
        if (!fault.isEmpty()) {
            throw new BadRequestResponse(fault);
        }
        return text;
    }
}
