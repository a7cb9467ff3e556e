# find_package(egito): the targets egito::egito (shared) and egito::static. The installed prefix can be moved to another folder.

get_filename_component(_egito_lib "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
get_filename_component(_egito_prefix "${_egito_lib}/@to_prefix@" ABSOLUTE)

if(NOT TARGET egito::egito)
    add_library(egito::egito SHARED IMPORTED)
    set_target_properties(egito::egito PROPERTIES
        IMPORTED_LOCATION "${_egito_lib}/libegito.so.@version@"
        IMPORTED_SONAME "libegito.so.@soversion@"
        INTERFACE_INCLUDE_DIRECTORIES "${_egito_prefix}/include")

    add_library(egito::static STATIC IMPORTED)
    set_target_properties(egito::static PROPERTIES
        IMPORTED_LOCATION "${_egito_lib}/libegito.a"
        INTERFACE_INCLUDE_DIRECTORIES "${_egito_prefix}/include"
        INTERFACE_LINK_LIBRARIES "-pthread;m;dl")
endif()
