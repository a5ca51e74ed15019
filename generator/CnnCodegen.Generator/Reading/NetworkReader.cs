using CnnCodegen.Generator.Diagnostics;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnCodegen.Generator.Reading;

/// <summary>From the symbol of an annotated class to its model.</summary>
internal static class NetworkReader
{
    public const string MarkerName = "CnnCodegen.NetworkAttribute", InputName = "CnnCodegen.InputAttribute";

    /// <summary>C# has no class with a member of its own name.</summary>
    public static readonly string[] GeneratedMembers = ["Load", "Run", "Profile", "Info", "Dispose", "Programs", "_host"];

    public static NetworkReading Read(INamedTypeSymbol type, TargetFacts facts, CancellationToken token)
    {
        IReadOnlyList<NetworkAttributeData> attributes = NetworkAttributeData.Of(type, token);
        NetworkAttributeData network = attributes.First(a => a.Name == LayerCatalog.Network);
        TypeDeclarationSyntax part = (TypeDeclarationSyntax)network.Part!;
        List<Diagnostic> diagnostics = [.. CheckType(type, part, facts)];

        NetworkAttributeData? stray = attributes.FirstOrDefault(a => a.Part != part);
        if (stray is not null)
        {
            diagnostics.Add(Diagnostic.Create(DiagnosticDescriptors.SeveralParts, stray.Location, type.Name));
            return new NetworkReading(null, diagnostics.ToEquatableArray());
        }

        DefinitionReader definition = new(type.Name, attributes, token);
        NetworkModel? model = definition.Read(new NetworkType(NamespaceOf(type), type.Name));
        if (diagnostics.Count > 0) model = null;
        return new NetworkReading(model, diagnostics.Concat(definition.Diagnostics).OrderBy(d => d.Location.SourceSpan.Start).ToEquatableArray())
        {
            Pins = model is null ? default : definition.Pins.Select(pin => new PinnedLayer(model.Type.FullName, pin.Node, pin.Title, pin.Location)).ToEquatableArray(),
        };
    }

    /// <summary>What to say about a part of a class that has inputs; null if it is a network.</summary>
    public static Diagnostic? Stray(INamedTypeSymbol type, TypeDeclarationSyntax part) => type.GetAttributes().Any(a => a.AttributeClass?.ToDisplayString() == MarkerName) ? null
        : Diagnostic.Create(DiagnosticDescriptors.NoNetwork, part.Identifier.GetLocation(), type.Name);

    private static IEnumerable<Diagnostic> CheckType(INamedTypeSymbol type, TypeDeclarationSyntax part, TargetFacts facts)
    {
        Location location = part.Identifier.GetLocation();
        string? obstacle =
            part is RecordDeclarationSyntax ? "a record"
            : type.TypeKind != TypeKind.Class ? "no class"
            : type.ContainingType is not null ? $"nested in '{type.ContainingType.Name}'"
            : type.IsGenericType ? "generic"
            : type.IsStatic ? "static"
            : type.IsAbstract ? "abstract"
            : type.IsFileLocal ? "local to its file"
            : type.DeclaringSyntaxReferences.Any(other => other.GetSyntax() is ClassDeclarationSyntax { ParameterList: not null }) ? "given a primary constructor, and is made by Load"
            : GeneratedMembers.Contains(type.Name) ? $"called like a member that is generated into it ({string.Join(", ", GeneratedMembers)})"
            : null;
        if (obstacle is not null) yield return Diagnostic.Create(DiagnosticDescriptors.UnsupportedType, location, type.Name, obstacle);
        if (!part.Modifiers.Any(SyntaxKind.PartialKeyword)) yield return Diagnostic.Create(DiagnosticDescriptors.NotPartial, location, type.Name);
        if (!facts.AllowUnsafe) yield return Diagnostic.Create(DiagnosticDescriptors.UnsafeNotAllowed, location, type.Name);
    }

    /// <summary>The namespace's metadata name: without the <c>@</c> of a name that is a keyword.</summary>
    private static string NamespaceOf(INamedTypeSymbol type)
    {
        Stack<string> names = new();
        for (INamespaceSymbol space = type.ContainingNamespace; !space.IsGlobalNamespace; space = space.ContainingNamespace) names.Push(space.Name);
        return string.Join(".", names);
    }
}
