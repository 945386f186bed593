import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Holds PDFs against profiles of the veraPDF library.
 *
 * Validate PROFILE[,PROFILE...] FILE...      profiles: 3a, ua1, and what else the library knows
 *
 * Says a line for each file and profile, and one for each rule that is broken, with tabs between:
 *   FILE  PROFILE  pass|fail  checks
 *   FILE  PROFILE  rule  clause-test  times  place  words
 * Exit code: 0 all pass, 1 some fail, 2 a file cannot be read as PDF.
 */
public final class Validate {
    private static final int MOST_SHOWN = 100;

    public static void main(String[] arguments) {
        Logger.getLogger("").setLevel(Level.OFF);
        if (arguments.length < 2) {
            System.err.println("Validate PROFILE[,PROFILE...] FILE...");
            System.exit(2);
        }
        VeraGreenfieldFoundryProvider.initialise();
        int worst = 0;
        for (int at = 1; at < arguments.length; at++) {
            for (String profile : arguments[0].split(",")) {
                worst = Math.max(worst, validated(arguments[at], profile));
            }
        }
        System.exit(worst);
    }

    private static int validated(String file, String profile) {
        PDFAFlavour flavour = PDFAFlavour.fromString(profile);
        try (InputStream data = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(data, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, MOST_SHOWN, false, false, false)) {
            ValidationResult result = validator.validate(parser);
            say(file, profile, result.isCompliant() ? "pass" : "fail", result.getTotalAssertions() + " checks");
            broken(result).forEach((rule, words) -> say(file, profile, "rule", rule, words));
            return result.isCompliant() ? 0 : 1;
        } catch (Exception | StackOverflowError error) {
            say(file, profile, "unreadable", String.valueOf(error.getMessage()));
            return 2;
        }
    }

    /** Each broken rule once: how often, where first, and what it asks for. */
    private static Map<String, String> broken(ValidationResult result) {
        Map<String, Integer> times = new TreeMap<>();
        Map<String, TestAssertion> first = new TreeMap<>();
        for (TestAssertion found : result.getTestAssertions()) {
            if (found.getStatus() == TestAssertion.Status.FAILED) {
                String rule = found.getRuleId().getClause() + "-" + found.getRuleId().getTestNumber();
                times.merge(rule, 1, Integer::sum);
                first.putIfAbsent(rule, found);
            }
        }
        Map<String, String> words = new TreeMap<>();
        first.forEach((rule, found) -> words.put(
                rule, times.get(rule) + "\t" + found.getLocation().getContext() + "\t" + found.getMessage()));
        return words;
    }

    private static void say(String... parts) {
        System.out.println(String.join("\t", parts).replace('\n', ' '));
    }
}
