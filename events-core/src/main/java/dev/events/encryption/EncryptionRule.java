package dev.events.encryption;

import java.util.List;

import dev.events.EventPattern;
import org.jspecify.annotations.Nullable;

/**
 * What is encrypted of events of some types. All rules that match a type count together:
 * all of the data if one says so, else the fields of all of them.
 *
 * @param type event type or pattern
 * @param fields JSON pointers to the values to encrypt, for example
 * {@code /address/street}; {@code *} stands for every element of a list or every value of
 * an object, as in {@code /items/*}{@code /name}. Empty for all of the data.
 * @param subject JSON pointer to the id of the data subject, or {@code null} for none
 */
public record EncryptionRule(EventPattern type, List<String> fields, @Nullable String subject) {

	/**
	 * Creates a rule.
	 * @throws IllegalArgumentException when a pointer is not valid
	 */
	public EncryptionRule {
		fields = List.copyOf(fields);
		fields.forEach((field) -> requirePointer("fields", field));
		if (subject != null) {
			requirePointer("subject", subject);
		}
	}

	private static void requirePointer(String name, String pointer) {
		if (!pointer.startsWith("/") || pointer.length() < 2) {
			throw new IllegalArgumentException(
					name + ": '" + pointer + "' is not a JSON pointer; write for example /email or /address/street");
		}
	}

}
