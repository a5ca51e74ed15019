using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Diagnostics;

/// <summary>Everything the generator can say; README.md in this folder explains each id.</summary>
internal static class DiagnosticDescriptors
{
    private const string Category = "CnnCodegen";
    private const string Help = "https://github.com/cnncodegen/cnncodegen/blob/main/generator/CnnCodegen.Generator/Diagnostics/README.md#";

    public static readonly DiagnosticDescriptor NotPartial = new(
        "CNN0001", "Network class is not partial",
        "'{0}' is a network; declare it partial, so that its code can be generated into it",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0001");

    public static readonly DiagnosticDescriptor UnsupportedType = new(
        "CNN0002", "Type cannot be a network",
        "'{0}' is {1}; a network is a plain class of a namespace",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0002");

    public static readonly DiagnosticDescriptor UnsafeNotAllowed = new(
        "CNN0003", "Project forbids unsafe code",
        "the code of network '{0}' uses pointers; set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0003");

    public static readonly DiagnosticDescriptor Incomplete = new(
        "CNN0004", "Network is incomplete",
        "network '{0}' has no {1}",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0004");

    public static readonly DiagnosticDescriptor SeveralParts = new(
        "CNN0005", "Layers in several parts of a class",
        "network '{0}' has attributes in several parts of the class, whose order is not defined; write them all in the part that has [Network]",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0005");

    public static readonly DiagnosticDescriptor OutOfOrder = new(
        "CNN0006", "Attribute is out of order",
        "{0} {1}",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0006");

    public static readonly DiagnosticDescriptor InvalidName = new(
        "CNN0007", "Invalid layer name",
        "{0} is called '{1}'; a name has 1 to 500 characters, and only letters (a-z, A-Z), digits, '_', '.', '-' and '/'",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0007");

    public static readonly DiagnosticDescriptor DuplicateName = new(
        "CNN0008", "Layer name is taken",
        "{0} has the name of {1} above it; names are unique in a network, so rename one of them",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0008");

    public static readonly DiagnosticDescriptor UnknownName = new(
        "CNN0009", "Unknown layer name",
        "{0} reads '{1}', {2}",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0009");

    public static readonly DiagnosticDescriptor BadOption = new(
        "CNN0010", "Bad option value",
        "{0}: {1}",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0010");

    public static readonly DiagnosticDescriptor DoesNotFit = new(
        "CNN0011", "Layer does not fit what it reads",
        "{0} cannot read {1}: {2}",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0011");

    public static readonly DiagnosticDescriptor Unused = new(
        "CNN0012", "Nothing reads this layer",
        "nothing reads {0}, and it is no output; remove it, read it, or name it in [Output]",
        Category, DiagnosticSeverity.Warning, true, helpLinkUri: Help + "cnn0012");

    public static readonly DiagnosticDescriptor UnknownTargetIsa = new(
        "CNN0013", "Unknown CnnTargetIsa",
        "the project property CnnTargetIsa is '{0}'; it must be auto, avx512, avx2 or portable",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0013");

    public static readonly DiagnosticDescriptor AlgorithmRefused = new(
        "CNN0014", "Algorithm does not suit the layer",
        "{0}, for {1}: {2}; name another algorithm, or leave the choice to the compiler",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0014");

    public static readonly DiagnosticDescriptor TuningOutdated = new(
        "CNN0015", "Tuning file does not fit the network",
        "{0}, layer '{1}' for {2}: {3}; the compiler chooses, until 'cnncodegen tune' writes the file again",
        Category, DiagnosticSeverity.Warning, true, helpLinkUri: Help + "cnn0015");

    public static readonly DiagnosticDescriptor BadTuningFile = new(
        "CNN0016", "Tuning file cannot be read",
        "{0}: {1}; write it with 'cnncodegen tune'",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0016");

    public static readonly DiagnosticDescriptor BadManifest = new(
        "CNN0017", "Weight manifest cannot be read",
        "{0}: {1}; delete it, and build again",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0017");

    public static readonly DiagnosticDescriptor NotUnrolled = new(
        "CNN0018", "Layer cannot be unrolled",
        "{0}, for {1}: {2}; or leave out Unroll",
        Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "cnn0018");

    public static readonly DiagnosticDescriptor TuningOfNothing = new(
        "CNN0019", "Tuning file is for no network of the project",
        "{0} is for the network {1}, which the project does not have; write the class's full name there, or remove the file",
        Category, DiagnosticSeverity.Warning, true, helpLinkUri: Help + "cnn0019");

    public static readonly DiagnosticDescriptor NoNetwork = new(
        "CNN0020", "Layers without a network",
        "'{0}' has an [Input] and no [Network], so no code is generated for it; put [Network] in front of its layers",
        Category, DiagnosticSeverity.Warning, true, helpLinkUri: Help + "cnn0020");
}
