package dev.events.encryption;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says in the metadata of a stored event what of its data is encrypted. Only what it
 * names is ever decrypted, so application data cannot be taken for cipher text.
 *
 * @param subject digest of the data subject, or {@code null} for none
 * @param fields pointers to the values that are encrypted; empty for all of the data
 */
record EncryptionMark(@Nullable String subject, List<String> fields) {

	private static final int FORMAT = 1;

	/** Whether all that a plan encrypts is encrypted here. */
	boolean encrypts(EncryptionPlan plan) {
		if (this.fields.isEmpty() || plan.isEmpty()) {
			return true;
		}
		return !plan.paths().isEmpty() && plan.paths()
			.stream()
			.allMatch((path) -> this.fields.stream().anyMatch((field) -> FieldPaths.leadsTo(field, path)));
	}

	String toText() {
		ObjectNode json = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
		if (this.subject != null) {
			json.put("subject", this.subject);
		}
		if (!this.fields.isEmpty()) {
			this.fields.forEach(json.putArray("fields")::add);
		}
		return json.toString();
	}

	/** Reads one; {@code null} when it is none that we could have written. */
	static @Nullable EncryptionMark of(String text) {
		try {
			JsonNode json = Json.read(text);
			if (json.path("format").asInt(0) != FORMAT) {
				return null;
			}
			List<String> fields = new ArrayList<>();
			json.path("fields").forEach((field) -> fields.add(field.asString()));
			return new EncryptionMark(json.has("subject") ? json.path("subject").asString() : null, fields);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
