package dev.holdfast.broker.kite;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Whose order a row is, as far as its tags tell: ours stands in {@code tag}, or in {@code tags} beside the broker's own. */
final class KiteTags {

    /** HF, six digits of the incarnation, the order's number: base 36, at most Kite's 20 characters. */
    private static final Pattern OURS = Pattern.compile("HF[0-9A-Z]{6}[0-9A-Z]{1,12}");

    private KiteTags() {}

    static boolean isOurs(String tag) {
        return OURS.matcher(tag).matches();
    }

    /** The first tag of our form, otherwise the first there is, otherwise none. */
    static String of(JsonNode row) {
        List<String> tags = all(row);
        return tags.stream().filter(KiteTags::isOurs).findFirst().orElse(tags.isEmpty() ? "" : tags.getFirst());
    }

    /** Whether the row's tags can be read, also when it has none. Each real row has at least one of the two fields. */
    static boolean areReadable(JsonNode row) {
        JsonNode tag = row.path("tag");
        JsonNode tags = row.path("tags");
        boolean one = tag.isNull() || tag.isString() || (tag.isMissingNode() && tags.isArray());
        boolean many = tags.isMissingNode() || tags.isNull() || tags.isArray();
        return one && many;
    }

    private static List<String> all(JsonNode row) {
        List<String> tags = new ArrayList<>();
        tags.add(Json.text(row, "tag"));
        for (JsonNode tag : row.path("tags")) {
            tags.add(tag.isString() ? tag.asString() : "");
        }
        tags.removeIf(String::isEmpty);
        return tags;
    }
}
