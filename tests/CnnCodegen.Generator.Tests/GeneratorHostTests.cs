using CnnCodegen.Testing;

namespace CnnCodegen.Generator.Tests;

public class GeneratorHostTests
{
    [Fact]
    public void A_project_that_compiles_can_be_loaded()
    {
        Type type = GeneratorHost.Run(Definition.Source("[Network(Batch = 2), Input(\"x\", 3), Relu]")).Load().GetType("Demo.Net", throwOnError: true)!;

        Assert.Equal(2, Assert.IsType<NetworkAttribute>(type.GetCustomAttributes(typeof(NetworkAttribute), false).Single()).Batch);
    }

    [Fact]
    public void A_project_that_does_not_compile_says_why() => Assert.Contains(
        "CS0246", Assert.Throws<InvalidOperationException>(() => GeneratorHost.Run("class A : Missing;").Load()).Message);
}
