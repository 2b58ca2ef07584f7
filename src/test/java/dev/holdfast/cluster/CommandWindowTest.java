package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.CommandCodec;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class CommandWindowTest {

    private static final long CLIENT = 77;

    private final CommandWindow<Command> window = new CommandWindow<>(CLIENT, new CommandCodec());
    private final List<Long> sent = new ArrayList<>();
    private long nowNanos = 1;

    @Test
    void commands_are_numbered_from_one_and_sent_in_order() {
        var _ = window.submit(new Command.Probe());
        var _ = window.submit(new Command.Probe());

        send();

        assertThat(sent).containsExactly(1L, 2L);
    }

    @Test
    void after_a_new_leader_everything_unanswered_is_sent_again_before_anything_new() {
        submit(3);
        send();
        window.onReply(reply(1, ReplyCode.OK), nowNanos);
        submit(1);
        sent.clear();

        window.goBack(nowNanos);
        send();

        assertThat(sent).containsExactly(2L, 3L, 4L);
    }

    @Test
    void silence_sends_again() {
        submit(2);
        send();
        sent.clear();

        nowNanos += Duration.ofMillis(501).toNanos();
        send();

        assertThat(sent).containsExactly(1L, 2L);
    }

    @Test
    void silence_that_lasts_sends_again_ever_more_rarely_until_an_answer_comes() {
        submit(2);
        send();
        sent.clear();

        for (int tenth = 0; tenth < 100; tenth++) {
            nowNanos += Duration.ofMillis(100).toNanos();
            send();
        }
        int inTenSeconds = sent.size() / 2;
        window.onReply(reply(1, ReplyCode.OK), nowNanos);
        sent.clear();
        nowNanos += Duration.ofMillis(501).toNanos();
        send();

        assertThat(inTenSeconds).isEqualTo(4); // after 0.5, 1, 2 and 4 s more each
        assertThat(sent).containsExactly(2L);
    }

    @Test
    void a_pause_without_anything_to_send_is_no_silence() {
        nowNanos += Duration.ofHours(1).toNanos();
        submit(1);

        send();
        send();

        assertThat(sent).containsExactly(1L);
    }

    @Test
    void a_flood_of_gaps_goes_back_once() {
        submit(3);
        send();
        sent.clear();
        nowNanos += Duration.ofMillis(60).toNanos();

        window.onReply(reply(2, ReplyCode.GAP), nowNanos);
        send();
        window.onReply(reply(3, ReplyCode.GAP), nowNanos);
        send();

        assertThat(sent).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_reply_answers_what_came_before_it() {
        CompletableFuture<Reply> first = window.submit(new Command.Probe());
        CompletableFuture<Reply> second = window.submit(new Command.Probe());
        send();

        window.onReply(reply(2, ReplyCode.OK), nowNanos);

        assertThat(first.join().code()).isEqualTo(ReplyCode.DUPLICATE);
        assertThat(first.join().correlationId()).isEqualTo(1);
        assertThat(second.join().code()).isEqualTo(ReplyCode.OK);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void strangers_and_repeats_are_ignored() {
        submit(2);
        send();
        window.onReply(reply(1, ReplyCode.OK), nowNanos);

        window.onReply(reply(1, ReplyCode.DUPLICATE), nowNanos);
        window.onReply(new Reply(CLIENT + 1, 2, ReplyCode.OK, 0, 0, ""), nowNanos);

        assertThat(window.isEmpty()).isFalse();
    }

    @Test
    void a_full_window_refuses_and_takes_again_after_a_reply() {
        submit(Log.MAX_OUTSTANDING);

        assertThat(window.submit(new Command.Probe())).isCompletedExceptionally();

        send();
        window.onReply(reply(1, ReplyCode.OK), nowNanos);
        assertThat(window.submit(new Command.Probe())).isNotDone();
    }

    @Test
    void closing_fails_what_is_open() {
        CompletableFuture<Reply> open = window.submit(new Command.Probe());

        window.close("closed by the test");

        assertThat(open).isCompletedExceptionally();
        assertThat(window.submit(new Command.Probe())).isCompletedExceptionally();
    }

    private void submit(int count) {
        for (int i = 0; i < count; i++) {
            var _ = window.submit(new Command.Probe());
        }
    }

    private void send() {
        window.send(this::record, Integer.MAX_VALUE, nowNanos);
    }

    private boolean record(UnsafeBuffer frame) {
        assertThat(CommandFrame.clientId(frame, 0)).isEqualTo(CLIENT);
        return sent.add(CommandFrame.correlationId(frame, 0));
    }

    private static Reply reply(long correlationId, ReplyCode code) {
        return new Reply(CLIENT, correlationId, code, 0, 0, "");
    }
}
