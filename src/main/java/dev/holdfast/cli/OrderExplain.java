package dev.holdfast.cli;

import dev.holdfast.replay.Impossible;
import dev.holdfast.replay.OrderExplainer;
import dev.holdfast.replay.OrderStory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = {
            "Tells an order's story by the log: the tick before it, its strategy's state, risk's answer, sends, the broker's",
            "answers and book, trades. Works while the system runs and when it is down."
        },
        mixinStandardHelpOptions = true)
final class OrderExplain implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Parameters(paramLabel = "ID", description = "its number, our tag or the broker's id")
    private String id = "";

    @Option(names = "--host", description = "read this host's trader; without it, the one that recorded most")
    private @Nullable String host;

    @Option(names = "--any-release", description = "replay with this release what another one wrote")
    private boolean anyRelease;

    @Override
    public Integer call() {
        Home home = Home.open(options.home());
        MemberRecording recording = MemberRecording.choose(home, host);
        try {
            OrderStory story = tell(home, recording);
            String missing = story.missing();
            if (missing != null) {
                options.console().warn("only what events tell: " + missing);
            }
            options.console().result(document(story), () -> text(story));
            return 0;
        } catch (Impossible impossible) {
            throw Failure.negative(String.valueOf(impossible.getMessage()));
        }
    }

    private OrderStory tell(Home home, MemberRecording recording) {
        OrderExplainer explainer = new OrderExplainer(recording.log(), id);
        try {
            recording.requireWriter(home, explainer.afterSequence(), explainer.toSequence(), anyRelease);
            return explainer.explain();
        } catch (Failure | Impossible notReplayed) {
            // A story begun is not gone on with.
            return new OrderExplainer(recording.log(), id).explainByEvents(String.valueOf(notReplayed.getMessage()));
        }
    }

    private static Map<String, Object> document(OrderStory story) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("orderNumber", story.order().orderNumber());
        document.put("tag", story.order().tag());
        document.put("brokerOrderId", story.order().brokerOrderId());
        document.put("strategy", story.order().strategy());
        document.put("state", story.order().state());
        document.put("missing", story.missing());
        document.put("steps", story.steps());
        return document;
    }

    private static String text(OrderStory story) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("SEQUENCE", "TIME", "WHAT", "")));
        for (OrderStory.Step step : story.steps()) {
            String repeated = step.times() == 1
                    ? ""
                    : " (" + step.times() + " times, until " + Instant.ofEpochMilli(step.untilMillis()) + ")";
            rows.add(List.of(
                    Long.toString(step.sequence()),
                    Instant.ofEpochMilli(step.timeMillis()).toString(),
                    step.kind().name().toLowerCase(Locale.ROOT),
                    step.text() + repeated));
        }
        return "order " + story.order().orderNumber() + ", tag " + story.order().tag() + ": "
                + story.order().state() + "\n" + Console.table(rows);
    }
}
