package dev.holdfast.runtime;

import dev.holdfast.types.PlainText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping of a YAML document. A value that is missing or wrong adds a fault with its line and answers something harmless,
 * so that one reading finds every fault.
 */
final class YamlSection {

    /** Underscores may stand between digits. */
    private static final String NUMBER = "[0-9]+(_[0-9]+)*";

    private static final int MAX_DIGITS = 18;

    private final String path;
    private final int line;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> faults;

    YamlSection(String path, @Nullable Node node, List<String> faults) {
        this.path = path;
        this.line = node == null ? 1 : lineOf(node);
        this.faults = faults;
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
                if (entries.put(key, new Entry(tuple.getValueNode(), lineOf(tuple.getKeyNode()))) != null) {
                    fault(lineOf(tuple.getKeyNode()), named(key) + " is given twice");
                }
            }
        } else if (node != null) {
            fault(line, path + " must hold keys and values");
        }
    }

    private record Entry(Node value, int line) {}

    /** The line on which this section, or this key of it, stands. */
    int line(String key) {
        Entry entry = entries.get(key);
        return entry == null ? line : entry.line;
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Adds a fault at this key's line, in the section's own words. */
    void fault(String key, String text) {
        fault(line(key), named(key) + " " + text);
    }

    String text(String key) {
        return scalar(key).orElseGet(() -> {
            missing(key);
            return "";
        });
    }

    String text(String key, String otherwise) {
        return scalar(key).orElse(otherwise);
    }

    long number(String key, long least, long most) {
        Optional<String> text = scalar(key);
        if (text.isEmpty()) {
            missing(key);
            return least;
        }
        String digits = text.get().replace("_", "");
        if (plain(key) && text.get().matches("-?" + NUMBER) && digits.length() <= MAX_DIGITS) {
            long value = Long.parseLong(digits);
            if (value >= least && value <= most) {
                return value;
            }
        }
        fault(key, "is " + shown(key, text.get()) + ", expected a whole number from " + least + " to " + most);
        return least;
    }

    /** The same of a key that may be absent. */
    long number(String key, long least, long most, long otherwise) {
        asked.add(key);
        return has(key) ? number(key, least, most) : otherwise;
    }

    boolean flag(String key, boolean otherwise) {
        String text = text(key, Boolean.toString(otherwise));
        if (!plain(key) || (!text.equals("true") && !text.equals("false"))) {
            fault(key, "is " + shown(key, text) + ", expected true or false");
        }
        return text.equals("true");
    }

    /** Whether the value stands there without quotes, or not at all: in quotes it is a text. */
    private boolean plain(String key) {
        Entry entry = entries.get(key);
        return entry == null
                || (entry.value instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN);
    }

    private String shown(String key, String text) {
        return plain(key) ? "'" + text + "'" : "the text '" + text + "' in quotes";
    }

    /** A value that the reader understands or refuses with an {@link IllegalArgumentException}. */
    <T> T parsed(String key, String text, T otherwise, String expected, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (RuntimeException refused) {
            if (!text.isEmpty()) {
                fault(key, "is '" + text + "', expected " + expected);
            }
            return otherwise;
        }
    }

    YamlSection section(String key) {
        Entry entry = take(key);
        if (entry == null) {
            missing(key);
        }
        return new YamlSection(named(key), entry == null ? null : entry.value, faults);
    }

    /** Free keys with scalar values; empty when absent. */
    Map<String, String> texts(String key) {
        Map<String, String> result = new LinkedHashMap<>();
        Entry entry = take(key);
        if (entry != null) {
            YamlSection inner = new YamlSection(named(key), entry.value, faults);
            inner.entries.keySet().forEach(name -> result.put(name, inner.text(name)));
        }
        return result;
    }

    List<String> list(String key) {
        List<String> result = new ArrayList<>();
        for (Node item : items(key)) {
            if (item instanceof ScalarNode scalar) {
                String word = checked(scalar, key);
                if (result.contains(word)) {
                    fault(lineOf(item), named(key) + " has '" + word + "' twice");
                }
                result.add(word);
            } else {
                fault(lineOf(item), named(key) + " must list plain words");
            }
        }
        return result;
    }

    private String checked(ScalarNode scalar, String key) {
        String fault = PlainText.fault(named(key), scalar.getValue());
        if (!fault.isEmpty()) {
            fault(lineOf(scalar), fault);
        }
        return scalar.getValue();
    }

    List<YamlSection> sections(String key) {
        List<YamlSection> result = new ArrayList<>();
        for (Node item : items(key)) {
            result.add(new YamlSection(named(key) + "[" + result.size() + "]", item, faults));
        }
        return result;
    }

    /** Call last: what was never asked for is not a key of ours. */
    void refuseOthers() {
        entries.forEach((key, entry) -> {
            if (!asked.contains(key)) {
                fault(
                        entry.line,
                        named(key) + " is unknown here; known are "
                                + asked.stream().distinct().toList());
            }
        });
    }

    private List<Node> items(String key) {
        Entry entry = take(key);
        if (entry == null) {
            missing(key);
            return List.of();
        }
        if (entry.value instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        fault(key, "must be a list");
        return List.of();
    }

    private Optional<String> scalar(String key) {
        Entry entry = take(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.value instanceof ScalarNode scalar) {
            return Optional.of(checked(scalar, key));
        }
        fault(key, "must be a plain value");
        return Optional.of("");
    }

    private @Nullable Entry take(String key) {
        asked.add(key);
        return entries.get(key);
    }

    private void missing(String key) {
        fault(line, named(key) + " is missing");
    }

    private void fault(int where, String text) {
        faults.add("line " + where + ": " + text);
    }

    private String named(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
