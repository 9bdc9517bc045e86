package dev.events.spring;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.events.spring");

	@Test
	void packagesHaveNoCycles() {
		assertThat(CLASSES.size()).isGreaterThan(30);
		SlicesRuleDefinition.slices().matching("dev.events.spring.(*)..").should().beFreeOfCycles().check(CLASSES);
		noClasses().that()
			.resideOutsideOfPackage("dev.events.spring.autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.events.spring.autoconfigure")
			.check(CLASSES);
	}

	@Test
	void nothingIsFoundByScanning() {
		noClasses().that()
			.areNotAnnotatedWith(Configuration.class)
			.and()
			.areNotAnnotatedWith(AutoConfiguration.class)
			.should()
			.beMetaAnnotatedWith(Component.class)
			.check(CLASSES);
	}

	@Test
	void autoConfigurationsCannotBeExtended() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
	}

	@Test
	void namesSaySomething() {
		classes().should().haveNameNotMatching(".*(Manager|Helper|Util|Utils|Impl)$").check(CLASSES);
	}

}
