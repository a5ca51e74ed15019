using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace CnnCodegen.Generator.Reading;

/// <summary>
/// The summary of a declaration's documentation comment. It is taken from the source text, because the compiler parses
/// documentation only in projects that build a documentation file.
/// </summary>
internal static class DocumentationSummary
{
    /// <summary>The summary's text on one line; empty where there is none, or where it is not well-formed.</summary>
    public static string Of(SyntaxNode declaration)
    {
        IEnumerable<string> lines = declaration.GetLeadingTrivia().ToFullString().Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("///", StringComparison.Ordinal))
            .Select(line => line.Substring(3));
        try
        {
            XElement comment = XElement.Parse("<comment>" + string.Join("\n", lines) + "</comment>");
            string text = comment.Element("summary")?.Value ?? "";
            return string.Join(" ", text.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        }
        catch (XmlException)
        {
            return "";
        }
    }
}
