using System.Globalization;
using System.Reflection;
using System.Text;
using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests.Reading;

/// <summary>The reader is total: whatever stands in the attributes, it ends in a model or in diagnostics.</summary>
public class RandomDefinitionTests
{
    private const int Classes = 300;

    private static readonly Type[] Attributes = typeof(NetworkAttribute).Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(Attribute)) && !type.IsAbstract && type != typeof(NetworkAttribute))
        .OrderBy(type => type.Name, StringComparer.Ordinal).ToArray();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_attributes_give_models_or_diagnostics(int seed)
    {
        Random random = new(seed);
        StringBuilder source = new("#nullable disable\nusing CnnCodegen;\n");
        for (int i = 0; i < Classes; i++) AppendClass(source, random, i);

        GeneratorRun run = GeneratorHost.Run(source.ToString());

        Assert.Null(run.Result.Exception);
        Assert.All(run.Diagnostics, diagnostic => Assert.StartsWith("CNN", diagnostic.Id));
        Assert.True(run.Diagnostics.Select(diagnostic => diagnostic.Id).Distinct().Count() >= 6, "the definitions are too tame");
        Assert.True(Definition.Models(run).Count >= Classes / 15, "the definitions are too wild");
    }

    private static void AppendClass(StringBuilder source, Random random, int index)
    {
        source.Append(CultureInfo.InvariantCulture, $"[Network(Batch = {(random.Next(20) == 0 ? Int(random) : 1)})]\n");
        if (random.Next(20) > 0) source.Append("[Input(\"a\", 4, 8, 8)]\n");
        int count = random.Next(random.Next(12));
        for (int i = 0; i < count; i++) source.Append('[').Append(Attribute(random, Attributes[random.Next(Attributes.Length)])).Append("]\n");
        source.Append(CultureInfo.InvariantCulture, $"partial class Net{index};\n\n");
    }

    private static string Attribute(Random random, Type type)
    {
        ConstructorInfo[] constructors = type.GetConstructors();
        IEnumerable<string> arguments = constructors[random.Next(constructors.Length)].GetParameters().Select(parameter =>
            parameter.Name == "name" && random.Next(6) > 0 ? $"\"n{random.Next(1000)}\"" : Value(random, parameter.ParameterType));
        PropertyInfo[] options = type.GetProperties().Where(property => property.CanWrite).ToArray();
        if (random.Next(2) == 0) options = options.Where(option => option.Name == "Kernel" || random.Next(4) == 0).ToArray();
        else options = options.Where(option => option.Name == "Kernel").ToArray();
        IEnumerable<string> named = options.Select(option => $"{option.Name} = {Value(random, option.PropertyType)}");
        return $"{type.Name[..^"Attribute".Length]}({string.Join(", ", arguments.Concat(named))})";
    }

    private static string Value(Random random, Type type)
    {
        if (type.IsArray && random.Next(10) == 0) return "null";
        if (type.IsArray)
            return $"new {Keyword(type.GetElementType()!)}[] {{ {string.Join(", ", Enumerable.Range(0, random.Next(random.Next(9))).Select(_ => Value(random, type.GetElementType()!)))} }}";
        if (type.IsEnum) return $"({type.Name}){(random.Next(8) == 0 ? "(" + Int(random) + ")" : random.Next(2).ToString(CultureInfo.InvariantCulture))}";
        if (type == typeof(string)) return Pick(random, "\"a\"", "\"a\"", "\"a\"", "\"a\"", "\"b\"", "\"b.0\"", "\"A\"", "\"?\"", "\"\"", "null");
        if (type == typeof(bool)) return Pick(random, "true", "false");
        if (type == typeof(float)) return Pick(random, "0", "0.5f", "2", "1", "1.5f", "-1", "1e-38f", "float.MaxValue", "float.NaN", "float.NegativeInfinity");
        return Int(random);
    }

    private static string Int(Random random) => random.Next(12) == 0
        ? Pick(random, "int.MaxValue", "int.MinValue", "65536", "1 << 20", "-8", "46341")
        : random.Next(random.Next(4) - 1, 5).ToString(CultureInfo.InvariantCulture);

    private static string Keyword(Type type) => type == typeof(int) ? "int" : type == typeof(float) ? "float" : "string";

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];
}
