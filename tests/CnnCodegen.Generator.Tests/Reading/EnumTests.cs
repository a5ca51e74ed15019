using CnnCodegen.Generator.Reading.Layers;

namespace CnnCodegen.Generator.Tests.Reading;

/// <summary>The generator cannot reference the run time, so it has the enums of the attributes a second time.</summary>
public class EnumTests
{
    public static TheoryData<Type, Type> Twins => new()
    {
        { typeof(Accuracy), typeof(Model.Accuracy) },
        { typeof(AutoPad), typeof(Model.AutoPad) },
        { typeof(BinaryPadding), typeof(Generator.Reading.Layers.BinaryPadding) },
        { typeof(ConvAlgorithm), typeof(Model.ConvAlgorithm) },
        { typeof(PadMode), typeof(Model.PadMode) },
        { typeof(ResizeMode), typeof(Model.ResizeMode) },
        { typeof(ResizeCoordinates), typeof(Model.ResizeCoordinates) },
        { typeof(NearestRounding), typeof(Model.NearestRounding) },
        { typeof(DepthToSpaceMode), typeof(RearrangeReaders.DepthToSpaceMode) },
    };

    [Theory]
    [MemberData(nameof(Twins))]
    public void Members_are_the_same(Type attribute, Type model) => Assert.Equal(
        Enum.GetNames(attribute).Zip(Enum.GetValuesAsUnderlyingType(attribute).Cast<int>()),
        Enum.GetNames(model).Zip(Enum.GetValuesAsUnderlyingType(model).Cast<int>()));

    [Fact]
    public void Every_enum_of_an_attribute_has_a_twin() => Assert.Equal(
        typeof(NetworkAttribute).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Attribute)))
            .SelectMany(type => type.GetProperties()).Select(property => property.PropertyType)
            .Where(type => type.IsEnum).Distinct().Select(type => type.Name).Order(),
        Twins.Select(row => ((Type)row[0]).Name).Order());
}
