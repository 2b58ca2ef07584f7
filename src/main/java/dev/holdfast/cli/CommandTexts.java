package dev.holdfast.cli;

import dev.holdfast.types.PlainText;
import java.lang.reflect.RecordComponent;

/** The texts of a command as the log can keep them: a longer one would be cut without a word. */
final class CommandTexts {

    private CommandTexts() {}

    /** @throws Failure if a text of this command is too long or misleading */
    static void require(Record command) {
        for (RecordComponent component : command.getClass().getRecordComponents()) {
            if (component.getType() == String.class) {
                String fault = PlainText.fault(component.getName(), (String) value(component, command));
                if (!fault.isEmpty()) {
                    throw Failure.usage(fault);
                }
            }
        }
    }

    private static Object value(RecordComponent component, Record command) {
        try {
            return component.getAccessor().invoke(command);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("a public record of ours has public accessors", impossible);
        }
    }
}
