using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Reading;

/// <summary>An attribute of the language on a class.</summary>
/// <param name="Name">Its name without the suffix, as <see cref="LayerCatalog"/> lists it.</param>
/// <param name="Arguments">Null where the compiler has rejected it.</param>
/// <param name="Syntax">Where it is written.</param>
internal sealed record NetworkAttributeData(string Name, AttributeArguments? Arguments, SyntaxNode Syntax)
{
    private const string Suffix = "Attribute";

    public Location Location => Syntax.GetLocation();

    public string Title => Arguments?.String("name") is { } name ? $"{Name} '{name}'" : Name;

    /// <summary>The declaration it stands on: one part of a partial class.</summary>
    public SyntaxNode? Part => Syntax.Parent?.Parent;

    /// <summary>The attributes of the language on a class, in source order; all others are none of our business.</summary>
    public static IReadOnlyList<NetworkAttributeData> Of(INamedTypeSymbol type, CancellationToken token)
    {
        List<NetworkAttributeData> result = [];
        foreach (AttributeData attribute in type.GetAttributes())
        {
            if (attribute.AttributeClass is { ContainingType: null, ContainingNamespace: { Name: "CnnCodegen", ContainingNamespace.IsGlobalNamespace: true } } declared
                && NameOf(declared.MetadataName) is { } name
                && attribute.ApplicationSyntaxReference is { } reference)
                result.Add(new NetworkAttributeData(name, AttributeArguments.Of(attribute), reference.GetSyntax(token)));
        }

        return result.OrderBy(attribute => attribute.Syntax.SpanStart).ToList();
    }

    private static string? NameOf(string metadataName)
    {
        if (!metadataName.EndsWith(Suffix, StringComparison.Ordinal)) return null;
        string name = metadataName.Substring(0, metadataName.Length - Suffix.Length);
        return name is LayerCatalog.Network or LayerCatalog.Output || LayerCatalog.Find(name) is not null || RefinementCatalog.Find(name) is not null ? name : null;
    }
}
