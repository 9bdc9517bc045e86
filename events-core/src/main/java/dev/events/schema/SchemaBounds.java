package dev.events.schema;

import java.math.BigDecimal;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compares the bounds of numbers and sizes in two schemas.
 *
 * @param narrow whose data is to be valid by the other
 * @param wide the other
 * @param report told what stands against it
 */
record SchemaBounds(JsonNode narrow, JsonNode wide, Consumer<String> report) {

	void compareNumbers() {
		BigDecimal min = bound(this.wide, "minimum");
		if (min != null && !(atLeast("minimum", min) || atLeast("exclusiveMinimum", min))) {
			this.report.accept("must be at least " + min + " now");
		}
		BigDecimal above = bound(this.wide, "exclusiveMinimum");
		if (above != null && !(moreThan("minimum", above) || atLeast("exclusiveMinimum", above))) {
			this.report.accept("must be greater than " + above + " now");
		}
		BigDecimal max = bound(this.wide, "maximum");
		if (max != null && !(atMost("maximum", max) || atMost("exclusiveMaximum", max))) {
			this.report.accept("must be at most " + max + " now");
		}
		BigDecimal below = bound(this.wide, "exclusiveMaximum");
		if (below != null && !(lessThan("maximum", below) || atMost("exclusiveMaximum", below))) {
			this.report.accept("must be less than " + below + " now");
		}
	}

	void compareSizes(String minimum, String maximum, String what) {
		BigDecimal min = bound(this.wide, minimum);
		if (min != null && min.signum() > 0 && !atLeast(minimum, min)) {
			this.report.accept("must have at least " + min + " " + what + " now");
		}
		BigDecimal max = bound(this.wide, maximum);
		if (max != null && !atMost(maximum, max)) {
			this.report.accept("must have at most " + max + " " + what + " now");
		}
	}

	private static @Nullable BigDecimal bound(JsonNode schema, String keyword) {
		JsonNode bound = schema.path(keyword);
		return bound.isNumber() ? bound.decimalValue() : null;
	}

	private boolean atLeast(String keyword, BigDecimal limit) {
		BigDecimal bound = bound(this.narrow, keyword);
		return bound != null && bound.compareTo(limit) >= 0;
	}

	private boolean moreThan(String keyword, BigDecimal limit) {
		BigDecimal bound = bound(this.narrow, keyword);
		return bound != null && bound.compareTo(limit) > 0;
	}

	private boolean atMost(String keyword, BigDecimal limit) {
		BigDecimal bound = bound(this.narrow, keyword);
		return bound != null && bound.compareTo(limit) <= 0;
	}

	private boolean lessThan(String keyword, BigDecimal limit) {
		BigDecimal bound = bound(this.narrow, keyword);
		return bound != null && bound.compareTo(limit) < 0;
	}

}
